-- Keeps the answer of a request that was taken, or lets the request go. Of too many answers the oldest go first.
-- KEYS     as in forget-answers.lua
-- ARGV[1]  name of the request
-- ARGV[2]  token of who took it
-- ARGV[3]  the answer; '' lets the request go
-- ARGV[4]  the millisecond in which the answer is forgotten
-- ARGV[5]  answers that forget later than this may go; those before are requests under way, or are over soon
-- ARGV[6]  most answers
-- ARGV[7]  most bytes of all answers
-- Returns  1, or 0 where another has taken it since
if redis.call('HGET', KEYS[1], ARGV[1]) ~= 'running ' .. ARGV[2] then return 0 end
if ARGV[3] == '' then
  forget(ARGV[1])
  return 1
end
remember(ARGV[1], 'done ' .. ARGV[3], ARGV[4])
-- A large answer takes the room of many small ones, of which the next ones make the rest go.
for _ = 1, 1000 do
  local isRoom = redis.call('ZCARD', KEYS[2]) <= tonumber(ARGV[6])
    and tonumber(redis.call('HGET', KEYS[1], '#bytes')) <= tonumber(ARGV[7])
  if isRoom then break end
  local oldest = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[5], '+inf', 'LIMIT', 0, 1)[1]
  if not oldest then break end
  forget(oldest)
end
return 1
