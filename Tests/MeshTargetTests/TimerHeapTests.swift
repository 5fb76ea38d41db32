import MeshTarget
import SeededRandom
import Testing

@Suite struct TimerHeapTests {
    @Test func givesEventsInOrderOfTimeAndThenOfSetting() {
        var generator = SeededGenerator(seed: 11)
        var heap = TimerHeap<Int>()
        var expected: [(time: Int64, event: Int)] = []
        for event in 0..<2000 {
            // Few different moments, so that many are equal.
            let time = Int64(generator.below(50))
            heap.set(event, at: MeshTime(nanoseconds: time))
            expected.append((time, event))
        }
        expected.sort { ($0.time, $0.event) < ($1.time, $1.event) }

        var taken: [Int] = []
        for now in 0..<50 {
            while let (deadline, event) = heap.takeDue(at: MeshTime(nanoseconds: Int64(now))) {
                #expect(deadline.nanoseconds == now)
                taken.append(event)
            }
        }
        #expect(taken == expected.map(\.event))
        #expect(heap.count == 0)
    }

    @Test func keepsWhatIsNotDue() {
        var heap = TimerHeap<Int>()
        heap.set(1, at: MeshTime(nanoseconds: 10))
        #expect(heap.takeDue(at: MeshTime(nanoseconds: 9)) == nil)
        #expect(heap.deadline == MeshTime(nanoseconds: 10))
        #expect(heap.takeDue(at: MeshTime(nanoseconds: 10))?.event == 1)
        #expect(heap.deadline == nil)
    }
}
