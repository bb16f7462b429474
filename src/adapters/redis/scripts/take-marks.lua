-- Moves the marks of closed hours to those that are being merged.
-- KEYS[1]  touched hours (hash): hour → its day
-- KEYS[2]  merging hours (hash): hour → its day
-- ARGV[1]  the open hour, whose mark stays
-- Returns  { hour, day, hour, day, … } of all that are to be merged
local touched = redis.call('HGETALL', KEYS[1])
for i = 1, #touched, 2 do
  if touched[i] ~= ARGV[1] then
    redis.call('HSET', KEYS[2], touched[i], touched[i + 1])
    redis.call('HDEL', KEYS[1], touched[i])
  end
end
return redis.call('HGETALL', KEYS[2])
