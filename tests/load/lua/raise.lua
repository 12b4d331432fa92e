-- Raises an emergency, a new one each time.
local headers = { ["Content-Type"] = "application/json" }
local body = '{"id":"%08x-%04x-4%03x-8%03x-%04x%08x","kind":"medical",'
    .. '"note":"Người già ngã ở nhà, tỉnh nhưng không đứng dậy được",'
    .. '"phone":"0912%06d","location":{"lat":21.%05d,"lon":105.%05d,"accuracy_m":12}}'

local function below(bound)
    return math.random(0, bound - 1)
end

function init()
    local urandom = io.open("/dev/urandom", "rb")
    local a, b, c, d = urandom:read(4):byte(1, 4)
    urandom:close()
    math.randomseed(((a * 256 + b) * 256 + c) * 256 + d)
end

function request()
    return wrk.format("POST", "/v1/emergencies", headers, body:format(
        below(2 ^ 32), below(2 ^ 16), below(2 ^ 12), below(2 ^ 12), below(2 ^ 16), below(2 ^ 32),
        below(10 ^ 6), 40000 + below(20000), 70000 + below(20000)))
end
