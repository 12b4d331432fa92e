-- Says on one line what came of it.
function done(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
    io.write(string.format(
        'result {"requests":%d,"micros":%d,"failed":%d,"p50":%d,"p95":%d,"p99":%d}\n',
        summary.requests, summary.duration, failed,
        latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
