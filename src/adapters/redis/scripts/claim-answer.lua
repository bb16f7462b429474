-- Takes a request that is to be answered once, unless it was answered or another process is at it. Forgets what is over.
-- KEYS     as in forget-answers.lua
-- ARGV[1]  name of the request
-- ARGV[2]  now, milliseconds
-- ARGV[3]  the millisecond from which a process that has not answered counts as dead
-- ARGV[4]  token of who takes it
-- Returns  { 'begun' }, { 'running' }, or { 'done', the answer that was kept }
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[2], 'LIMIT', 0, 100)) do forget(name) end
local untilMs = redis.call('ZSCORE', KEYS[2], ARGV[1])
if untilMs and tonumber(untilMs) > tonumber(ARGV[2]) then
  local value = redis.call('HGET', KEYS[1], ARGV[1])
  if string.sub(value, 1, 5) == 'done ' then return { 'done', string.sub(value, 6) } end
  return { 'running' }
end
remember(ARGV[1], 'running ' .. ARGV[4], ARGV[3])
return { 'begun' }
