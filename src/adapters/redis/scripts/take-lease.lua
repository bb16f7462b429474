-- Takes a lease or renews it, unless another holder has it.
-- KEYS[1]  the lease
-- ARGV[1]  the holder
-- ARGV[2]  milliseconds that it lasts
-- Returns  1 where the holder has it now, else 0
local other = redis.call('GET', KEYS[1])
if other and other ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
