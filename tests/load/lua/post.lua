-- Sends each of `bodies` to `path` in turn.
local prepared, turn = {}, 0

function init()
    local headers = { ["Content-Type"] = "application/json" }
    for number, body in ipairs(bodies) do
        prepared[number] = wrk.format("POST", path, headers, body)
    end
end

function request()
    turn = turn % #prepared + 1
    return prepared[turn]
end
