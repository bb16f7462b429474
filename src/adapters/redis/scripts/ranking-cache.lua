-- Stands before scripts that add up rankings of days. Days that are over hardly ever change: their sums are kept, and asked
-- for again they need not be added up. The two newest days are left out, or one event would undo it all; with them the sums are
-- kept as well where nobody has changed them since they were asked for last. A stamp says of which state of which days they are,
-- and how many rankings are in them: where there is much to add up, a call does a part of it and is to be asked again.
-- kept        keys: sums of all days, their stamp, sums of all but the two newest, their stamp; written to no log and no replica,
--             since they can be had again
-- days        key of the hash that says of a day since which adding up its rankings are as they were, and how often was added up;
--             who changes one takes the day out, so that what is written here depends on what was asked for alone
-- rankings    keys: as many for each day as `width` says, then others
-- labels      the days, the newest last
-- build       whether it is worth adding them up where they are not kept yet
-- in_parts    whether much is added up by several calls
-- Returns     keys to be added up instead of the rankings; or how many rankings are added up so far, where there are more to come
local SECONDS = 600
local PATIENCE_SECONDS = 10
-- That takes some thirty milliseconds.
local MOST_MEMBERS = 100000
local function with_kept_sums(kept, days, rankings, labels, build, width, in_parts)
  if #labels == 0 then return rankings end
  redis.set_repl(redis.REPL_NONE)
  local all, over = #labels, #labels - 2
  local now = tonumber(redis.call('TIME')[1])
  local since = redis.call('HMGET', days, unpack(labels))
  local function state(count)
    local each = {}
    for i = 1, count do each[i] = labels[i] .. '=' .. (since[i] or '') end
    return table.concat(each, ' ')
  end
  -- When it was written, and how many rankings of the days as they are now are in the sums: a number, or 'all'.
  local function read(stamp, count)
    local at, added, of = string.match(redis.call('GET', stamp) or '', '^(%d+) (%w+) (.*)$')
    return tonumber(at), of == state(count) and added or '0'
  end
  -- The sums outlive their stamp: without it nobody takes them for anything.
  local function keep_on(sum, stamp)
    redis.call('EXPIRE', stamp, SECONDS)
    redis.call('EXPIRE', sum, 2 * SECONDS)
  end
  local function is_much(keys)
    local members = 0
    for _, key in ipairs(keys) do members = members + redis.call('ZCARD', key) end
    return members > MOST_MEMBERS
  end
  -- Adds up what follows the first `added` keys, until that is as much as a call may. Returns how many are added up now, or 'all';
  -- nothing where Redis takes no write, being full or a replica.
  local function add_up(sum, stamp, count, keys, added, most)
    local parts, members = added > 0 and { sum } or {}, 0
    repeat
      added = added + 1
      parts[#parts + 1] = keys[added]
      members = members + redis.call('ZCARD', keys[added])
    until added == #keys or members >= most
    -- What is half written is none.
    redis.pcall('DEL', stamp)
    if type(redis.pcall('ZUNIONSTORE', sum, #parts, unpack(parts))) ~= 'number' then return nil end
    redis.call('EXPIRE', sum, 2 * SECONDS)
    local reached = added == #keys and 'all' or added
    local text = now .. ' ' .. reached .. ' ' .. state(count)
    return not redis.pcall('SET', stamp, text, 'EX', SECONDS).err and reached or nil
  end
  local function number_changed()
    local changed = {}
    for i, label in ipairs(labels) do
      if not since[i] then changed[i] = label end
    end
    if not next(changed) then return true end
    local turn = redis.pcall('HINCRBY', days, 'turn', 1)
    if type(turn) ~= 'number' then return false end
    for i, label in pairs(changed) do
      redis.call('HSET', days, label, turn)
      since[i] = turn
    end
    return true
  end

  local _, of_all = read(kept[2], all)
  if of_all == 'all' then
    keep_on(kept[1], kept[2])
    return { kept[1], unpack(rankings, all * width + 1) }
  end
  local at_rest = since[all] and since[all - 1]
  build = build and number_changed()
  local at, added = read(kept[4], over)
  if added == 'all' then
    keep_on(kept[3], kept[4])
  elseif build then
    local keys = { unpack(rankings, 1, over * width) }
    -- While late events change days that are over, adding up again and again would cost more than it spares.
    if added ~= '0' or not at or now - at >= PATIENCE_SECONDS or in_parts and is_much(keys) then
      added = add_up(kept[3], kept[4], over, keys, tonumber(added), in_parts and MOST_MEMBERS or math.huge)
      if type(added) == 'number' then return added end
    end
  end
  local keys = added == 'all' and { kept[3], unpack(rankings, over * width + 1) } or rankings
  if not (build and at_rest) then return keys end
  local parts = { unpack(keys, 1, #keys - #rankings + all * width) }
  if not add_up(kept[1], kept[2], all, parts, 0, math.huge) then return keys end
  return { kept[1], unpack(rankings, all * width + 1) }
end
