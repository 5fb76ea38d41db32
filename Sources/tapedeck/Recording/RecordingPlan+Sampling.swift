import Anonymization
import Packets
import Recording

extension RecordingPlan {
    /// The choice of connections; the same in every run with the same key file.
    func makeSampling() -> ConnectionSampling? {
        guard let limits = sampling else { return nil }
        let key: ConnectionSampling.Key
        if case .with(_, let pseudonyms, _) = anonymizing {
            let words = pseudonyms.words(for: "sampling")
            key = ConnectionSampling.Key(first: words.first, second: words.second)
        } else {
            var generator = SystemRandomNumberGenerator()
            key = ConnectionSampling.Key(first: generator.next(), second: generator.next())
        }
        var sampling = ConnectionSampling(key: key)
        sampling.setShare(limits.share, at: .distantPast)
        return sampling
    }
}
