-- Forgets what is old, and returns how much that was.
--
-- KEYS[1]  what all keys begin with
-- ARGV     before which minute, time of an error and time of arrival in microseconds; how much at most

local prefix = KEYS[1] .. ':'
local before_minute, before_error, before_arrival = ARGV[1], ARGV[2], tonumber(ARGV[3])
local limit = tonumber(ARGV[4])
local TIME_SIZE, ID_SIZE, HEAD_SIZE = 19, 16, 8

local function forget_minutes()
  local key = prefix .. 'minutes'
  local old = redis.call('ZRANGEBYSCORE', key, '-inf', '(' .. before_minute, 'LIMIT', 0, limit)
  for _, minute in ipairs(old) do
    redis.call('ZREM', key, minute)
    redis.call('HDEL', prefix .. 'minute-counts', minute)
  end
  return #old
end

local function forget_errors(limit)
  local old, groups = {}, redis.call('HGETALL', prefix .. 'errors')
  for place = 1, #groups, 2 do
    local last = string.match(groups[place + 1], '^%d+ (%x+)')
    if string.sub(last, 1, TIME_SIZE) < before_error then
      old[#old + 1] = {last = last, name = groups[place]}
    end
  end
  table.sort(old, function(one, other) return one.last < other.last end)
  local count = math.min(#old, limit)
  for number = 1, count do
    redis.call('HDEL', prefix .. 'errors', old[number].name)
    redis.call('HDEL', prefix .. 'error-titles', old[number].name)
  end
  return count
end

local function forget_ids(limit)
  local key, gone = prefix .. 'applied', 0
  while gone < limit do
    local item = redis.call('LINDEX', key, 0)
    if not item or struct.unpack('>i8', item) >= before_arrival then break end
    local held = (#item - HEAD_SIZE) / ID_SIZE
    local count = math.min(held, limit - gone)
    local rest = HEAD_SIZE + count * ID_SIZE + 1
    for place = HEAD_SIZE + 1, rest - 1, ID_SIZE do
      local id = string.sub(item, place, place + ID_SIZE - 1)
      redis.call('HDEL', string.format('%sids:%02x%02x', prefix, string.byte(id, 15, 16)), id)
    end
    if count == held then
      redis.call('LPOP', key)
    else
      redis.call('LSET', key, 0, string.sub(item, 1, HEAD_SIZE) .. string.sub(item, rest))
    end
    gone = gone + count
  end
  return gone
end

local gone = forget_minutes()
gone = gone + forget_errors(limit - gone)
return gone + forget_ids(limit - gone)
