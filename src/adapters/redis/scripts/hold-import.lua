-- Says how an import stands, unless another process has taken it over.
-- KEYS[1]  imports by content: `status importId heardMs owner`
-- ARGV[1]  hash of the content
-- ARGV[2]  the owner
-- ARGV[3]  what to say
-- Returns  1 where the owner has it, else 0
local known = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if string.match(known, '(%S+)$') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
