-- Asks for each of `paths` in turn. One path alone is left to wrk, which then runs no Lua at all.
wrk.path = paths[1]
if token ~= "" then
    wrk.headers["Authorization"] = "Bearer " .. token
end

if #paths > 1 then
    local prepared, turn = {}, 0

    function init()
        for number, path in ipairs(paths) do
            prepared[number] = wrk.format("GET", path)
        end
    end

    function request()
        turn = turn % #prepared + 1
        return prepared[turn]
    end
end
