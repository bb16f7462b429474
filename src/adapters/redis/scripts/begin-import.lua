-- Takes a file for an import, unless another import of the same content is running, done, or being taken back.
-- KEYS[1]  imports (hash): content hash → `status importId heardMs owner`; `<content hash>:line` and
--          `<content hash>:from` say how far it has come
-- ARGV[1]  hash of the file's content
-- ARGV[2]  the import's id
-- ARGV[3]  now, milliseconds
-- ARGV[4]  milliseconds of silence after which a running import counts as dead
-- ARGV[5]  the owner from now on
-- Returns  { 'begun', line up to which the log has everything, where the log ended before the import or '' },
--          or { 'running' | 'done' | 'taking-back', id of the import that has it }
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  local status, id, heard = string.match(known, '^(%S+) (%S+) (%d+)')
  local dead = status == 'failed' or (status == 'running' and tonumber(ARGV[3]) - tonumber(heard) > tonumber(ARGV[4]))
  if not dead then return { status, id } end
end
redis.call('HSET', KEYS[1], ARGV[1], 'running ' .. ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[5])
local line, from = unpack(redis.call('HMGET', KEYS[1], ARGV[1] .. ':line', ARGV[1] .. ':from'))
return { 'begun', line or '0', from or '' }
