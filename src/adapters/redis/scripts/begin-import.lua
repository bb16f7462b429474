-- Takes a file's content for an import, unless one is running or done.
-- KEYS[1]  imports by content: `status importId startedMs`
-- ARGV[1]  hash of the content
-- ARGV[2]  the import's id
-- ARGV[3]  now, milliseconds
-- ARGV[4]  milliseconds after which a running import counts as dead
-- Returns  { 'begun', events that an interrupted import has brought in } or { 'known', id of the import that has it }
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  local status, id, started = string.match(known, '^(%S+) (%S+) (%d+)$')
  local dead = status == 'failed' or (status == 'running' and tonumber(ARGV[3]) - tonumber(started) > tonumber(ARGV[4]))
  if not dead then return { 'known', id } end
end
redis.call('HSET', KEYS[1], ARGV[1], 'running ' .. ARGV[2] .. ' ' .. ARGV[3])
return { 'begun', redis.call('HGET', KEYS[1], ARGV[1] .. ':events') or '0' }
