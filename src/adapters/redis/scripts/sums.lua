-- Adds up members' scores over several rankings. Behind kept-sums.lua.
-- KEYS[1…] sums and stamps that are kept, as kept-sums.lua has them, KEYS[5] days that have not changed
-- KEYS[6…] rankings
-- ARGV[1]  '1' where much may be added up by several calls, ARGV[2] how many labels follow,
-- ARGV[3]  '1' where the sums of days are worth keeping
-- ARGV[4…] labels of the days of which the first rankings are; then
--          member, in which of the rankings it counts as a text of 0s and 1s ('' is all), and so on
-- Returns  msgpack: a number where the call is to be made again, or { member, sum, … } of those that any of them holds
local first = 4 + tonumber(ARGV[2])
local labels = { unpack(ARGV, 4, first - 1) }
local rankings = with_kept_sums({ unpack(KEYS, 1, 4) }, KEYS[5], { unpack(KEYS, 6) }, labels, ARGV[3] == '1', 1, ARGV[1] == '1')
if type(rankings) == 'number' then return cmsgpack.pack(rankings) end
local found = {}
local function add(key, members)
  for from = 1, #members, 4000 do
    local to = math.min(from + 3999, #members)
    for i, score in ipairs(redis.call('ZMSCORE', key, unpack(members, from, to))) do
      local member = members[from + i - 1]
      if score then found[member] = (found[member] or 0) + tonumber(score) end
    end
  end
end
for number, key in ipairs(rankings) do
  if redis.call('EXISTS', key) == 1 then
    local members = {}
    for i = first, #ARGV, 2 do
      if ARGV[i + 1] == '' or string.byte(ARGV[i + 1], number) == 49 then members[#members + 1] = ARGV[i] end
    end
    add(key, members)
  end
end
local sums = {}
for member, sum in pairs(found) do
  sums[#sums + 1] = member
  sums[#sums + 1] = string.format('%.17g', sum)
end
return cmsgpack.pack(sums)
