-- Appends the accepted records of one request to a partition of the embedded log, as one entry.
-- KEYS[1]  the partition's entries (stream)
-- KEYS[2]  where the partition ends: `offset@entry`
-- ARGV[1]  number of records
-- ARGV[2]  the records, packed (redis-streams/packed-records.ts)
-- ARGV[3]  the import's id, '' for live records
-- Returns  where the partition ends now
local stored = redis.call('GET', KEYS[2]) or '0@0-0'
local first = tonumber(string.match(stored, '^(%d+)@'))
local fields = { 'first', first, 'records', ARGV[2] }
if ARGV[3] ~= '' then
  fields[5] = 'import'
  fields[6] = ARGV[3]
end
local id = redis.call('XADD', KEYS[1], '*', unpack(fields))
local stop = string.format('%.0f@%s', first + tonumber(ARGV[1]), id)
redis.call('SET', KEYS[2], stop)
return stop
