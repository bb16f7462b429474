-- Takes or keeps a partition's lease, unless another consumer holds it.
-- KEYS[1]  the lease
-- ARGV[1]  consumer
-- ARGV[2]  milliseconds that it lasts
-- Returns  1 where the consumer holds it now, else 0
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
