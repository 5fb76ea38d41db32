import JSON
package import Replay

extension ReplayReport {
    /// What stopped the run: `errors > 5% for 10s after 12.3 s, 83.0 % of the requests`.
    package static func sentence(_ abortion: Abortion) -> String {
        let at = Quantity.duration(nanoseconds: Int64(clamping: abortion.at))
        return "\(abortion.condition.text), after \(at): \(measured(abortion))"
    }

    private static func measured(_ abortion: Abortion) -> String {
        let value = abortion.measured
        switch abortion.condition.measure {
        case .errors: return "\(Quantity.percent(value)) of the requests"
        case .failures: return "\(Quantity.percent(value)) of the requests"
        case .statuses: return "\(Quantity.percent(value)) of the answers"
        case .percentile: return "\(Quantity.percent(value)) of the requests took longer"
        case .mean: return Quantity.duration(nanoseconds: Int64(min(value, 9e18)))
        case .inFlight: return "\(Quantity.count(UInt64(max(0, min(value, 9e18))))) requests"
        }
    }

    /// The member `aborted_by`: the condition that stopped the run, or `null`.
    func writeAbortion(to writer: inout JSONWriter) {
        writer.key("aborted_by")
        guard let abortion = summary.abortion else {
            writer.null()
            return
        }
        writer.beginObject()
        writer.member("condition", abortion.condition.text)
        writer.member("after_seconds", Double(abortion.at) / 1e9)
        switch abortion.condition.measure {
        case .errors, .failures, .statuses: writer.member("share", abortion.measured)
        case .percentile: writer.member("share_beyond", abortion.measured)
        case .mean: writer.member("mean_us", abortion.measured / 1_000)
        case .inFlight: writer.member("in_flight", UInt64(max(0, min(abortion.measured, 9e18))))
        }
        writer.endObject()
    }
}
