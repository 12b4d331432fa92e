-- Raises emergencies under ids that count up, so that their callers can be played afterwards.
local headers = { ["Content-Type"] = "application/json" }
local body = '{"id":"00000000-0000-7000-8000-%012x","secret":"' .. secret .. '",'
    .. '"kind":"medical","location":{"lat":21.%05d,"lon":105.%05d,"accuracy_m":12}}'
local number = 0

function request()
    number = number + 1
    return wrk.format("POST", "/v1/emergencies", headers, body:format(
        number, 40000 + number % 20000, 70000 + number * 7919 % 20000))
end
