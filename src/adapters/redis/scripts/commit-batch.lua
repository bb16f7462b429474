-- Commits what was folded: all that it changes and the partition's new position, or nothing. A small commit is one call ('whole').
-- A large one lies in Redis, piece by piece, before the first piece is applied, so that no call holds Redis for long: once it is
-- decided, whoever claims the partition finishes it, and nobody counts beside it. What may be written twice without a trace is written
-- ahead of that, and needs no record.
-- KEYS[1]  the partition (hash): position, step, epoch, arrived, queued, said, recoveries, and its tallies; redo and redo_next while a decided commit
--          is applied
-- KEYS[2]  with 'stage', 'decide' and 'apply': the redo record (hash): whose it is, and a piece a field
-- KEYS[…]  every key that is written, or will be
-- ARGV[1]  epoch of the owner
-- ARGV[2]  position that the batch begins at, '' where nothing has been counted yet
-- ARGV[3]  position behind the batch
-- ARGV[4]  arrival of its newest record, milliseconds, '' where it has none
-- ARGV[5]  msgpack: { ops = { { name, list, { key index, … }, { seconds to live or 0, … }, … }, … }, tallies = { name, n, … },
--          keys = { key, … } }. An op does the same to each of its keys (a batch within one hour adds the same to the hour and to its
--          day); its list holds
--            incr, zincr             field or member, n, …
--            hset, hdel, zadd, zrem  arguments of the command
--            pfadd                   user, …
--            latest                  field, stamp, …: the greater of what stamps begin with (moment and partition: 22 bytes) stays; of
--                                    two that begin alike, the one that is written later; behind the seconds: 1 where it is
--                                    counted in the partition's `renamed` how many values are others than before
--            history                 for each key its { score, member, … }; behind the seconds: cap; for each key whether its life
--                                    begins anew; seconds
--            enqueue                 message, …; behind the seconds: how many may wait; which counter gives turns, 0: `queued`, 1: `said`, 2: `recoveries`
--            list                    entry, …; behind the seconds: cap
--            expunge, purge          a text: messages of the outbox, and dead letters, that contain it are removed
--            append                  bytes that join the end of a text
--            drop                    an empty text: the key is removed
-- ARGV[6]  what the call does: 'whole' | 'ahead' | 'stage' | 'decide' | 'apply'; ARGV[5] is '' with 'decide' and 'apply'
-- ARGV[7]  the piece's number from 0, with 'stage' and 'apply'; else ''
-- ARGV[8]  how many pieces there are, with 'decide' and 'apply'; else ''
-- ARGV[9]  units committed at ARGV[2] without a record counted: carts fell due
-- ARGV[10] those that there are then at ARGV[3]
-- ARGV[11] the name of this very commit, with 'stage', 'decide' and 'apply'; else ''. A Redis that loses a claim gives two owners
--          one epoch: neither may decide or apply what the other has staged
-- Returns  'applied' | 'already-applied' | 'conflict' | 'fenced' | 'outbox-full'
local mode = ARGV[6]
local stored = redis.call('HMGET', KEYS[1], 'position', 'epoch', 'redo', 'redo_next', 'step')
local position = stored[1] or ''
local epoch = tonumber(stored[2] or '0')
local step, target = stored[5] or '0', ARGV[3] .. '+' .. ARGV[10]
-- guard begins
if epoch > tonumber(ARGV[1]) then return 'fenced' end
if position .. '+' .. step == target then return 'already-applied' end
if position ~= ARGV[2] or step ~= ARGV[9] or epoch < tonumber(ARGV[1]) then return 'conflict' end
-- guard ends

local decided, next_piece = stored[3], tonumber(stored[4] or '0')
local piece, pieces = tonumber(ARGV[7]), tonumber(ARGV[8])
local function is_own() return redis.call('HGET', KEYS[2], 'by') == ARGV[11] end
if mode == 'apply' then
  if decided ~= target or not is_own() then return 'conflict' end
  if piece < next_piece then return 'already-applied' end
  if piece > next_piece then return 'conflict' end
elseif decided then
  -- What was decided is finished by a claim before anything else is counted; a call that came twice decides nothing else.
  return mode == 'decide' and decided == target and 'already-applied' or 'conflict'
end
if mode == 'decide' then
  if not is_own() or redis.call('HLEN', KEYS[2]) ~= pieces + 1 then return 'conflict' end
  redis.call('HSET', KEYS[2], 'pieces', pieces, 'target', ARGV[3], 'arrived', ARGV[4], 'step', ARGV[10])
  redis.call('HSET', KEYS[1], 'redo', target, 'redo_next', 0)
  return 'applied'
end

-- Where a call has the redo record, what is written lies one key behind.
local shift = (mode == 'stage' or mode == 'apply') and 1 or 0
local function key_of(index) return KEYS[index + shift] end
local payload = mode == 'apply' and redis.call('HGET', KEYS[2], 'piece' .. piece) or ARGV[5]
local batch = cmsgpack.unpack(payload)
local types = {
  incr = 'hash', hset = 'hash', hdel = 'hash', latest = 'hash',
  zincr = 'zset', zadd = 'zset', zrem = 'zset', history = 'zset', enqueue = 'zset', expunge = 'zset',
  pfadd = 'string', append = 'string', list = 'list', purge = 'list',
}

-- check begins
-- A script error does not undo what ran before it: whatever can fail is looked at before the first write.
local function check(op)
  local expected = types[op[1]]
  op.held = {}
  for i, index in ipairs(op[3]) do
    if op[1] == 'history' then
      -- There are many of these: one call tells the type, and whether there is anything to trim.
      local held = redis.pcall('ZCARD', key_of(index))
      if type(held) == 'table' then return redis.error_reply('WRONGTYPE ' .. key_of(index) .. ' is no zset') end
      op.held[i] = held
    elseif expected then
      local kind = redis.call('TYPE', key_of(index)).ok
      if kind ~= 'none' and kind ~= expected then
        return redis.error_reply('WRONGTYPE ' .. key_of(index) .. ' is a ' .. kind .. ', not a ' .. expected)
      end
    end
    -- What was decided is written, however much waits.
    if op[1] == 'enqueue' and mode ~= 'apply' and redis.call('ZCARD', key_of(index)) >= op[5] then return 'outbox-full' end
  end
end
for _, op in ipairs(batch.ops) do
  local obstacle = check(op)
  if obstacle then return obstacle end
end
-- check ends

if mode == 'stage' then
  -- A record that was never decided is somebody's who died: the first piece of a new one takes its place.
  if piece == 0 then
    redis.call('UNLINK', KEYS[2])
    redis.call('HSET', KEYS[2], 'by', ARGV[11])
  end
  if not is_own() then return 'conflict' end
  redis.call('HSET', KEYS[2], 'piece' .. piece, ARGV[5])
  return 'applied'
end

local function in_chunks(command, key, values)
  for from = 1, #values, 4000 do
    redis.call(command, key, unpack(values, from, math.min(from + 3999, #values)))
  end
end

-- A sum stops at this size, and that is counted: beyond what a double holds exactly it would be wrong without a sign of it, and one that
-- overflowed would end the script half done.
local MOST_SUM, saturated = 9e15, 0
local function most(sum)
  saturated = saturated + 1
  return sum > 0 and '9000000000000000' or '-9000000000000000'
end

local run = {
  incr = function(key, op)
    for i = 1, #op[2], 2 do
      local sum = redis.call('HINCRBY', key, op[2][i], op[2][i + 1])
      -- What came to nothing leaves nothing, however the batches were cut.
      if sum == 0 then redis.call('HDEL', key, op[2][i])
      elseif sum > MOST_SUM or sum < -MOST_SUM then redis.call('HSET', key, op[2][i], most(sum)) end
    end
  end,
  zincr = function(key, op)
    for i = 1, #op[2], 2 do
      local sum = tonumber(redis.call('ZINCRBY', key, op[2][i + 1], op[2][i]))
      if sum == 0 then redis.call('ZREM', key, op[2][i])
      elseif sum > MOST_SUM or sum < -MOST_SUM then redis.call('ZADD', key, most(sum), op[2][i]) end
    end
  end,
  pfadd = function(key, op) in_chunks('PFADD', key, op[2]) end,
  hset = function(key, op) in_chunks('HSET', key, op[2]) end,
  hdel = function(key, op) in_chunks('HDEL', key, op[2]) end,
  zadd = function(key, op) in_chunks('ZADD', key, op[2]) end,
  zrem = function(key, op) in_chunks('ZREM', key, op[2]) end,
  history = function(key, op, i)
    local members, held = op[2][i], op.held[i]
    in_chunks('ZADD', key, members)
    if held + #members / 2 > op[5] then redis.call('ZREMRANGEBYRANK', key, 0, -(op[5] + 1)) end
    if held == 0 or op[6][i] then redis.call('EXPIRE', key, op[7]) end
  end,
  enqueue = function(key, op)
    local turn = redis.call('HINCRBY', KEYS[1], ({'queued', 'said', 'recoveries'})[op[6] + 1], #op[2]) - #op[2]
    for i = 1, #op[2] do redis.call('ZADD', key, turn + i, op[2][i]) end
  end,
  -- Messages that name an erased user.
  expunge = function(key, op)
    for _, entry in ipairs(redis.call('ZRANGE', key, 0, -1)) do
      if string.find(entry, op[2][1], 1, true) then redis.call('ZREM', key, entry) end
    end
  end,
  latest = function(key, op)
    local fields, newer, changed = {}, {}, 0
    for i = 1, #op[2], 2 do fields[#fields + 1] = op[2][i] end
    for from = 1, #fields, 4000 do
      local known = redis.call('HMGET', key, unpack(fields, from, math.min(from + 3999, #fields)))
      for i, value in ipairs(known) do
        local stamp = op[2][2 * (from + i - 1)]
        if not value or string.sub(value, 1, 22) <= string.sub(stamp, 1, 22) then
          if not value or string.sub(value, 23) ~= string.sub(stamp, 23) then changed = changed + 1 end
          newer[#newer + 1] = fields[from + i - 1]
          newer[#newer + 1] = stamp
        end
      end
    end
    in_chunks('HSET', key, newer)
    if op[5] == 1 and changed > 0 then redis.call('HINCRBY', KEYS[1], 'renamed', changed) end
  end,
  list = function(key, op)
    in_chunks('LPUSH', key, op[2])
    redis.call('LTRIM', key, 0, op[5] - 1)
  end,
  -- Entries that name an erased user, wherever in the message they do.
  purge = function(key, op)
    for _, entry in ipairs(redis.call('LRANGE', key, 0, -1)) do
      if string.find(entry, op[2][1], 1, true) then redis.call('LREM', key, 0, entry) end
    end
  end,
  append = function(key, op) redis.call('APPEND', key, op[2][1]) end,
  drop = function(key) redis.call('UNLINK', key) end,
}
for _, op in ipairs(batch.ops) do
  for i, index in ipairs(op[3]) do
    run[op[1]](key_of(index), op, i)
    if (op[4][i] or 0) > 0 then redis.call('EXPIRE', key_of(index), op[4][i]) end
  end
end
if mode == 'ahead' then return 'applied' end
if saturated > 0 then redis.call('HINCRBY', KEYS[1], 'saturated', saturated) end
for i = 1, #(batch.tallies or {}), 2 do redis.call('HINCRBY', KEYS[1], batch.tallies[i], batch.tallies[i + 1]) end
-- mark begins
if mode == 'apply' then
  redis.call('HSET', KEYS[1], 'redo_next', piece + 1)
  if piece + 1 < pieces then return 'applied' end
  redis.call('HDEL', KEYS[1], 'redo', 'redo_next')
  redis.call('UNLINK', KEYS[2])
end
-- mark ends
redis.call('HSET', KEYS[1], 'position', ARGV[3])
if step ~= ARGV[10] then redis.call('HSET', KEYS[1], 'step', ARGV[10]) end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'arrived', ARGV[4]) end
return 'applied'
