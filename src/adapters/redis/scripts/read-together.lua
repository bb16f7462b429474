-- Reads for one answer what lies in one shard, all of it at one moment: no commit comes in between, and none that is half applied
-- is seen. What costs more than the call may is not read, and it is said what it would cost. Stands behind ranking-cache.lua,
-- ranking-first.lua and ranking-sums.lua.
-- KEYS[1…]  the shard's partitions (hashes), then the keys of the reads, in their order
-- ARGV[1]  how many partitions
-- ARGV[2]  the most microseconds of work
-- ARGV[3]  '1' where it is read also beside a commit that is half applied
-- ARGV[4]  msgpack: { { command, how many keys, { argument, … }, microseconds, command that tells a key's size or '',
--          microseconds for each of that size }, … }; the command is one of Redis, or
--            HMGET the fields of each of its keys: as many lists of values
--            TOP   a ranking's first members; its argument is how many
--            SUMS  members' scores added up over rankings: its keys are the cache's four, days that have not changed and the
--                  rankings; its arguments { label of a day, … }, { member, mask, … } as in ranking-sums.lua
-- Returns  msgpack: { 'read', microseconds, { reply, … } } | { 'heavy', microseconds, { microseconds, … } } of each read
--          | { 'applying', 0, { partition's place from 1, position, epoch, step, … } }: commits to be finished first
local partitions, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local applying = {}
for i = 1, partitions do
  local state = redis.call('HMGET', KEYS[i], 'redo', 'redo_next', 'position', 'epoch', 'step')
  -- Before its first piece, nothing of a commit is to be seen.
  if state[1] and tonumber(state[2] or '0') > 0 then
    for _, value in ipairs({ i, state[3] or '', tonumber(state[4] or '0'), tonumber(state[5] or '0') }) do
      applying[#applying + 1] = value
    end
  end
end
if applying[1] and ARGV[3] ~= '1' then return cmsgpack.pack({ 'applying', 0, applying }) end

local LOOKUP_US = 1.2
local reads = cmsgpack.unpack(ARGV[4])
local first, total, costs = partitions + 1, 0, {}
for i, read in ipairs(reads) do
  local last = first + read[2] - 1
  local us = read[4]
  if read[1] == 'SUMS' then
    read.rankings = with_ranking_cache({ unpack(KEYS, first, first + 3) }, KEYS[first + 4], { unpack(KEYS, first + 5, last) },
      read[3][1], false, 1, 0)
    us = us + #read.rankings * #read[3][2] / 2 * LOOKUP_US
  elseif read[5] ~= '' then
    for key = first, last do us = us + redis.call(read[5], KEYS[key]) * read[6] end
  end
  read.first, read.last = first, last
  costs[i], total, first = us, total + us, last + 1
end
if total > most then return cmsgpack.pack({ 'heavy', total, costs }) end

local replies = {}
for i, read in ipairs(reads) do
  if read[1] == 'SUMS' then
    replies[i] = ranking_sums(read.rankings, read[3][2])
  elseif read[1] == 'HMGET' then
    local each = {}
    for key = read.first, read.last do each[#each + 1] = redis.call('HMGET', KEYS[key], unpack(read[3])) end
    replies[i] = each
  elseif read[1] == 'TOP' then
    replies[i] = ranking_first(KEYS[read.first], read[3][1])
  else
    local call = { unpack(KEYS, read.first, read.last) }
    for _, argument in ipairs(read[3]) do call[#call + 1] = argument end
    replies[i] = redis.call(read[1], unpack(call))
  end
end
return cmsgpack.pack({ 'read', total, replies })
