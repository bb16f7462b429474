-- Replaces a value, unless somebody else has changed it meanwhile.
-- KEYS[1]  the value
-- ARGV[1]  what it is expected to be
-- ARGV[2]  what it is to be
-- Returns  1 where it was replaced, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
