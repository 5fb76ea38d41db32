import MeshDatabase
import Testing

@Suite struct DurationHistogramTests {
    @Test func tellsTheBucketOfAShare() {
        var histogram = DurationHistogram()
        for _ in 0..<95 { histogram.record(seconds: 0.004) }
        for _ in 0..<5 { histogram.record(seconds: 0.2) }
        #expect(histogram.bound(ofShare: 0.5) == 0.005)
        #expect(histogram.bound(ofShare: 0.99) == 0.25)
        #expect(histogram.count == 100)
    }
}
