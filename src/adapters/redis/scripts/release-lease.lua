-- Gives a lease up, if the holder still has it.
-- KEYS[1]  the lease
-- ARGV[1]  the holder
-- Returns  1 where it was given up, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
