-- Reads all that a batch needs of one lane. One packed reply: a call for each kind of state would cost the reader more
-- time than the reading itself.
-- KEYS[1]  carts that are open, or abandoned and may still be recovered (hash): user → cart
-- KEYS[2]  open carts by deadline (sorted set)
-- KEYS[3]  abandoned carts by the end of their recovery (sorted set)
-- KEYS[4…] buckets of the lane's state (hashes)
-- ARGV[1]  newest moment of the batch, milliseconds
-- ARGV[2]  how many carts that fall due are read at the most; one in any case
-- ARGV[3]  how many bytes of them
-- ARGV[4]  how many bytes of the users' carts, and of what was found, are read at the most; '' where all of it must be
-- ARGV[5]  msgpack: { users = { user, … }, asks = { { { key index, … }, { field, … } }, … } }; the first key that has
--          a field wins
-- Returns  '' where there is more than that; else msgpack: { { user, cart, … }, { { field's number, key's number, value, … }, … }, due }, numbers from 0:
--          carts of the users and of those whose cart falls due, or whose recovery ends, before that moment; then what
--          was found, ask by ask; where more carts fall due than were read, due = { deadline of the first that was
--          not, deadline of the last that was, its user }
local needs = cmsgpack.unpack(ARGV[5])
local most, most_due_bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
local most_bytes, read_bytes = tonumber(ARGV[4]) or math.huge, 0
-- So few at a time that the largest of values do not go far beyond the bound.
local AT_A_TIME = 32
local function read_fields(key, fields, take)
  for from = 1, #fields, AT_A_TIME do
    local values = redis.call('HMGET', key, unpack(fields, from, math.min(from + AT_A_TIME - 1, #fields)))
    for i, value in ipairs(values) do
      if value then
        read_bytes = read_bytes + #value
        take(from + i - 1, value)
      end
    end
    if read_bytes > most_bytes then return end
  end
end
local carts = {}
local function read_carts(users)
  read_fields(KEYS[1], users, function(place, cart)
    carts[#carts + 1] = users[place]
    carts[#carts + 1] = cart
  end)
end
-- A user who comes in several of these lists is answered several times.
read_carts(needs.users)
if read_bytes > most_bytes then return '' end
-- What cannot be recovered any more is taken away when there is time: some now, the others with a later batch.
local of_users = read_bytes
read_carts(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[1], 'LIMIT', 0, AT_A_TIME))
read_bytes = of_users

local function read_due()
  local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'WITHSCORES', 'LIMIT', 0, most + 1)
  local bytes = 0
  for i = 1, #due, 2 do
    if i > 2 * most or (i > 1 and bytes > most_due_bytes) then return { due[i + 1], due[i - 1], due[i - 2] } end
    local cart = redis.call('HGET', KEYS[1], due[i])
    if cart then
      bytes = bytes + #cart
      carts[#carts + 1] = due[i]
      carts[#carts + 1] = cart
    end
  end
  return {}
end
local more_due = read_due()

local function find(keys, fields)
  local found, known = {}, {}
  for number, index in ipairs(keys) do
    if redis.call('EXISTS', KEYS[index]) == 1 then
      read_fields(KEYS[index], fields, function(place, value)
        local field = place - 1
        if known[field] then return end
        known[field] = true
        found[#found + 1] = field
        found[#found + 1] = number - 1
        found[#found + 1] = value
      end)
    end
  end
  return found
end
local answers = {}
for i, ask in ipairs(needs.asks) do answers[i] = find(ask[1], ask[2]) end
if read_bytes > most_bytes then return '' end
return cmsgpack.pack({ carts, answers, more_due })
