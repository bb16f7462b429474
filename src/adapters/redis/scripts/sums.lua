-- Adds up members' scores over several rankings. Behind kept-sums.lua.
-- KEYS[1]  sums of days that are over, KEYS[2] their stamp, KEYS[3] days that have not changed
-- KEYS[4…] rankings
-- ARGV[1]  how many labels follow, ARGV[2] '1' where the sums of days that are over are worth keeping
-- ARGV[3…] labels of the days that are over: those of the first rankings; then
--          member, in which of the rankings it counts as a text of 0s and 1s ('' is all), and so on
-- Returns  msgpack: { member, sum, … } of those that any of them holds
local first = 3 + tonumber(ARGV[1])
local labels = { unpack(ARGV, 3, first - 1) }
local rankings = with_kept_sums(KEYS[1], KEYS[2], KEYS[3], { unpack(KEYS, 4) }, labels, ARGV[2] == '1', 1)
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
