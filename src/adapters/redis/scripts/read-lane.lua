-- Reads all that a batch needs of one lane. One packed reply: a call for each kind of state would cost the reader more
-- time than the reading itself.
-- KEYS[1]  carts that are open, or abandoned and may still be recovered (hash): user → cart
-- KEYS[2]  open carts by deadline (sorted set)
-- KEYS[3]  abandoned carts by the end of their recovery (sorted set)
-- KEYS[4…] buckets of the lane's state (hashes)
-- ARGV[1]  newest moment of the batch, milliseconds
-- ARGV[2]  how many carts that fall due are read at the most; one in any case
-- ARGV[3]  how many bytes of them
-- ARGV[4]  msgpack: { users = { user, … }, asks = { { { key index, … }, { field, … } }, … } }; the first key that has
--          a field wins
-- Returns  msgpack: { { user, cart, … }, { { field's number, key's number, value, … }, … }, due }, numbers from 0:
--          carts of the users and of those whose cart falls due, or whose recovery ends, before that moment; then what
--          was found, ask by ask; where more carts fall due than were read, due = { deadline of the first that was
--          not, deadline of the last that was, its user }
local needs = cmsgpack.unpack(ARGV[4])
local most, most_bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
local carts = {}
local function read_carts(users)
  for from = 1, #users, 4000 do
    local found = redis.call('HMGET', KEYS[1], unpack(users, from, math.min(from + 3999, #users)))
    for i, cart in ipairs(found) do
      if cart then
        carts[#carts + 1] = users[from + i - 1]
        carts[#carts + 1] = cart
      end
    end
  end
end
-- A user who comes in several of these lists is answered several times.
read_carts(needs.users)
-- What cannot be recovered any more is taken away when there is time: some now, the others with a later batch.
read_carts(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[1], 'LIMIT', 0, 100))

local function read_due()
  local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'WITHSCORES', 'LIMIT', 0, most + 1)
  local bytes = 0
  for i = 1, #due, 2 do
    if i > 2 * most or (i > 1 and bytes > most_bytes) then return { due[i + 1], due[i - 1], due[i - 2] } end
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
      for from = 1, #fields, 4000 do
        local values = redis.call('HMGET', KEYS[index], unpack(fields, from, math.min(from + 3999, #fields)))
        for i, value in ipairs(values) do
          local field = from + i - 2
          if value and not known[field] then
            known[field] = true
            found[#found + 1] = field
            found[#found + 1] = number - 1
            found[#found + 1] = value
          end
        end
      end
    end
  end
  return found
end
local answers = {}
for i, ask in ipairs(needs.asks) do answers[i] = find(ask[1], ask[2]) end
return cmsgpack.pack({ carts, answers, more_due })
