-- Merges hours of users into their days. A union: doing it again changes nothing.
-- KEYS     day, hour, day, hour, … (HyperLogLogs)
-- ARGV[1]  seconds that a day lives
-- ARGV[2]  seconds that an hour lives once it is merged
-- Returns  number of hours that there were
local merged = 0
for i = 1, #KEYS, 2 do
  if redis.call('EXISTS', KEYS[i + 1]) == 1 then
    redis.call('PFMERGE', KEYS[i], KEYS[i], KEYS[i + 1])
    redis.call('EXPIRE', KEYS[i], ARGV[1])
    redis.call('EXPIRE', KEYS[i + 1], ARGV[2])
    merged = merged + 1
  end
end
return merged
