-- Keeps one of things that are told apart by their ids, unless there are as many as may be. One of the same id is replaced.
-- KEYS[1]  the things by id
-- ARGV[1]  id
-- ARGV[2]  the thing
-- ARGV[3]  how many there may be
-- Returns  1 where it is kept, else 0
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
