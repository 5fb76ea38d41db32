import Bytes
import Testing

@Suite struct WideLanesTests {
    /// Wherever the byte stands among the sixteen, and whatever stands behind it.
    @Test func theFirstLaneIsTheFirstByteInMemory() {
        for place in 0..<16 {
            var bytes = [UInt8](repeating: 0x61, count: 18)
            bytes[1 + place] = 0x22
            for later in place..<16 {
                bytes[1 + later] = 0x22
                let lanes = bytes.span.bytes.wideLanes(at: 1)
                #expect((lanes .== .all(0x22)).firstLane == place)
            }
        }
        let none = [UInt8](repeating: 0x61, count: 16).span.bytes.wideLanes(at: 0)
        #expect((none .== .all(0x22)).firstLane == 16)
    }

    /// Bytes from 0x80 on are below all others.
    @Test func bytesAreComparedAsSignedNumbers() {
        for byte in UInt8.min...UInt8.max {
            let isBelow = (WideLanes.all(byte) .< .all(0x20)).firstLane == 0
            #expect(isBelow == (byte < 0x20 || byte >= 0x80), "\(byte)")
        }
    }

    @Test func theBitsOfAllLanesAreGathered() {
        for place in 0..<16 {
            for bit in 0..<8 {
                var bytes = [UInt8](repeating: 0, count: 16)
                bytes[place] = 1 << UInt8(bit)
                #expect(bytes.span.bytes.wideLanes(at: 0).anyLane == 1 << UInt8(bit))
            }
        }
    }
}
