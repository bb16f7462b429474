-- Notes how an import stands, unless another process has taken it over.
-- KEYS[1]  imports (hash): content hash → `status importId heardMs owner`
-- ARGV[1]  hash of the file's content
-- ARGV[2]  the owner
-- ARGV[3]  what to note: `status importId heardMs owner`
-- Returns  1 where the owner still has it, else 0
local known = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if string.match(known, '(%S+)$') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
