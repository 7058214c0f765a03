-- Counts the events that were not counted yet, and returns how many these were.
--
-- Every key is written by one kind of command alone and every argument by batch.rs, so nothing in here can fail half
-- way. Redis looks whether it has memory before it begins.
--
-- KEYS[1]  what all keys begin with
-- ARGV     now in microseconds; how many job types and how many groups of errors are kept at most; the name of all
--          other job types; the events; the errors among them; then lists, each after its length: event types, job
--          types, and the fingerprints of errors, each with its title

local prefix = KEYS[1] .. ':'
local now, most_types, most_groups, others = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local events, errors = ARGV[5], ARGV[6]

local behind = 6
-- The number of the next list's items, and the place before the first one.
local function list()
  local count, before = tonumber(ARGV[behind + 1]), behind + 1
  behind = before + count
  return count, before
end
local kinds, before_kinds = list()
local job_types, before_types = list()
local group_items, before_groups = list()

-- identifier, event type, whether an attempt ended, created-completed-failed, job type, seconds, microseconds, error
local EVENT, EVENT_SIZE = '>c16BBBHi8I4H', 35
-- group, time and job
local ERROR, ERROR_SIZE, TIME_SIZE = '>Hc51', 53, 19
-- How many identifiers one item of `applied` has at most.
local ITEM = 256

local new, counts, ended, types, minutes, groups = {}, {}, {}, {}, {}, {}
local last_second, last_micro

local function tally(sums, key, which)
  local sum = sums[key]
  if not sum then
    sum = {0, 0, 0}
    sums[key] = sum
  end
  if which > 0 then sum[which] = sum[which] + 1 end
end

local function add_error(number)
  local group, last = struct.unpack(ERROR, errors, (number - 1) * ERROR_SIZE + 1)
  local at, sum = string.sub(last, 1, TIME_SIZE), groups[group]
  if not sum then
    groups[group] = {count = 1, first = at, last = last}
    return
  end
  sum.count = sum.count + 1
  if at < sum.first then sum.first = at end
  if last > sum.last then sum.last = last end
end

for place = 1, #events, EVENT_SIZE do
  local id, kind, ends, which, job_type, second, micro, failure = struct.unpack(EVENT, events, place)
  local bucket = string.format('%sids:%02x%02x', prefix, string.byte(id, 15, 16))
  if redis.call('HSETNX', bucket, id, '') == 1 then
    new[#new + 1] = id
    counts[kind] = (counts[kind] or 0) + 1
    if ends == 1 then ended[kind] = (ended[kind] or 0) + 1 end
    tally(types, job_type, which)
    tally(minutes, second - second % 60, which)
    if not last_second or second > last_second or (second == last_second and micro > last_micro) then
      last_second, last_micro = second, micro
    end
    if failure > 0 then add_error(failure) end
  end
end
if #new == 0 then return 0 end

for from = 1, #new, ITEM do
  local ids = table.concat(new, '', from, math.min(from + ITEM - 1, #new))
  redis.call('RPUSH', prefix .. 'applied', struct.pack('>i8', now) .. ids)
end

for kind = 1, kinds do
  local name = ARGV[before_kinds + kind]
  if counts[kind] then redis.call('HINCRBY', prefix .. 'events', name, counts[kind]) end
  if ended[kind] then redis.call('HINCRBY', prefix .. 'ended', name, ended[kind]) end
end

local latest = redis.call('GET', prefix .. 'latest')
local second, micro = string.match(latest or '', '^(%-?%d+) (%d+)$')
second, micro = tonumber(second), tonumber(micro)
if not second or last_second > second or (last_second == second and last_micro > micro) then
  redis.call('SET', prefix .. 'latest', string.format('%d %d', last_second, last_micro))
end

-- Adds a tally to what is stored of it.
local function add(key, field, stored, sum)
  local created, completed, failed = string.match(stored or '0 0 0', '^(%d+) (%d+) (%d+)$')
  local text = string.format('%d %d %d', created + sum[1], completed + sum[2], failed + sum[3])
  redis.call('HSET', key, field, text)
end

for minute, sum in pairs(minutes) do
  local name = string.format('%d', minute)
  local stored = redis.call('HGET', prefix .. 'minute-counts', name)
  if not stored then redis.call('ZADD', prefix .. 'minutes', name, name) end
  add(prefix .. 'minute-counts', name, stored, sum)
end

local room = most_types - redis.call('HLEN', prefix .. 'types')
for number = 1, job_types do
  local sum, name = types[number], ARGV[before_types + number]
  if sum then
    local stored = redis.call('HGET', prefix .. 'types', name)
    if not stored and room <= 0 and name ~= others then
      name = others
      stored = redis.call('HGET', prefix .. 'types', name)
    end
    if not stored then room = room - 1 end
    add(prefix .. 'types', name, stored, sum)
  end
end

-- In the order of their fingerprints, which decides who is let in where not all are.
room = most_groups - redis.call('HLEN', prefix .. 'errors')
for number = 1, group_items / 2 do
  local sum, name = groups[number], ARGV[before_groups + 2 * number - 1]
  local stored = sum and redis.call('HGET', prefix .. 'errors', name)
  if stored then
    local first, last, count = string.match(stored, '^(%d+) (%x+) (%d+)$')
    if sum.first < first then first = sum.first end
    if sum.last > last then last = sum.last end
    redis.call('HSET', prefix .. 'errors', name, string.format('%s %s %d', first, last, count + sum.count))
  elseif sum and room > 0 then
    room = room - 1
    redis.call('HSET', prefix .. 'errors', name, string.format('%s %s %d', sum.first, sum.last, sum.count))
    redis.call('HSET', prefix .. 'error-titles', name, ARGV[before_groups + 2 * number])
  end
end
return #new
