-- Values of many fields of a hash: as an argument and a reply each they would take the asker longer than the looking up.
-- KEYS[1]  hash
-- ARGV[1]  msgpack: { field, … }
-- Returns  msgpack: { value, … } in the fields' order, false where there is none
local fields = cmsgpack.unpack(ARGV[1])
local values = {}
for from = 1, #fields, 4000 do
  local found = redis.call('HMGET', KEYS[1], unpack(fields, from, math.min(from + 3999, #fields)))
  for i, value in ipairs(found) do values[from + i - 1] = value end
end
return cmsgpack.pack(values)
