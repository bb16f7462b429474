-- Stands before scripts that add up rankings of days. Days that are over hardly ever change: their sums are kept, and asked
-- for again they need not be added up. The two newest days are left out, or one event would undo it all; with them the sums are
-- kept as well where nobody has changed them since they were asked for last. A stamp says of which state of which days they are.
-- kept        keys: sums of all days, their stamp, sums of all but the two newest, their stamp; written to no log and no replica,
--             since they can be had again
-- days        key of the hash that says of a day since which adding up its rankings are as they were, and how often was added up;
--             who changes one takes the day out, so that what is written here depends on what was asked for alone
-- rankings    keys: as many for each day as `width` says, then others
-- labels      the days, the newest last
-- build       whether it is worth adding them up where they are not kept yet
-- Returns     keys to be added up instead of the rankings
local SECONDS = 600
local PATIENCE_SECONDS = 10
local function with_kept_sums(kept, days, rankings, labels, build, width)
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
  local function is_kept(sum, stamp, count)
    local at, of = string.match(redis.call('GET', stamp) or '', '^(%d+) (.*)$')
    if of ~= state(count) then return false, tonumber(at) end
    -- The sums outlive their stamp: without it nobody takes them for anything.
    redis.call('EXPIRE', stamp, SECONDS)
    redis.call('EXPIRE', sum, 2 * SECONDS)
    return true
  end
  -- A Redis that is full, or a replica, takes no write.
  local function keep(sum, stamp, count, parts)
    if type(redis.pcall('ZUNIONSTORE', sum, #parts, unpack(parts))) ~= 'number' then return false end
    redis.call('EXPIRE', sum, 2 * SECONDS)
    return not redis.pcall('SET', stamp, now .. ' ' .. state(count), 'EX', SECONDS).err
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

  if is_kept(kept[1], kept[2], all) then return { kept[1], unpack(rankings, all * width + 1) } end
  local at_rest = since[all] and since[all - 1]
  build = build and number_changed()
  local has_over, at = is_kept(kept[3], kept[4], over)
  -- While late events change days that are over, adding up again and again would cost more than it spares.
  if not has_over and build and not (at and now - at < PATIENCE_SECONDS) then
    has_over = keep(kept[3], kept[4], over, { unpack(rankings, 1, over * width) })
  end
  local keys = has_over and { kept[3], unpack(rankings, over * width + 1) } or rankings
  if not (build and at_rest) then return keys end
  local parts = { unpack(keys, 1, #keys - #rankings + all * width) }
  if not keep(kept[1], kept[2], all, parts) then return keys end
  return { kept[1], unpack(rankings, all * width + 1) }
end
