-- The caller of one emergency after the other tells where they were in each of the last ten seconds.
local headers = { ["Content-Type"] = "application/json" }
local point = '{"lat":21.%05d,"lon":105.%05d,"accuracy_m":12,"age_ms":%d}'
local number, told = 0, 0

function request()
    number = number % callers + 1
    local points = {}
    for second = 1, 10 do
        told = told + 1
        points[second] = point:format(
            40000 + told % 20000, 70000 + told * 7919 % 20000, (10 - second) * 1000)
    end
    local path = ("/v1/emergencies/00000000-0000-7000-8000-%012x/locations"):format(number)
    return wrk.format("POST", path, headers,
        '{"secret":"' .. secret .. '","locations":[' .. table.concat(points, ",") .. "]}")
end
