import Bytes

// Headers of links and tunnels.
extension Wire {
    private static func bigEndian(_ values: UInt16...) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in values { bytes.appendBigEndian(value) }
        return bytes
    }

    /// - Parameter length: What the header tells instead of the length.
    static func udp(_ payload: [UInt8], to port: UInt16, from source: UInt16 = 50_000, length: Int? = nil)
        -> [UInt8]
    {
        bigEndian(source, port, UInt16(length ?? payload.count + 8), 0) + payload
    }

    static func vxlan(_ frame: [UInt8], network: UInt8 = 7, flags: UInt8 = 0x08) -> [UInt8] {
        [flags, 0, 0, 0, 0, 0, network, 0] + frame
    }

    static func vxlanGPE(_ payload: [UInt8], next: UInt8) -> [UInt8] {
        [0x0C, 0, 0, next, 0, 0, 7, 0] + payload
    }

    /// - Parameter options: In words of four bytes.
    static func geneve(_ payload: [UInt8], type: UInt16 = 0x6558, network: UInt8 = 7, options: UInt8 = 0)
        -> [UInt8]
    {
        [options, 0] + bigEndian(type) + [0, 0, network, 0] + [UInt8](repeating: 9, count: Int(options) * 4)
            + payload
    }

    /// - Parameter fields: What stands between the first four bytes and the payload.
    static func gre(_ payload: [UInt8], type: UInt16 = 0x0800, flags: UInt16 = 0, fields: [UInt8] = [])
        -> [UInt8]
    {
        bigEndian(flags, type) + fields + payload
    }

    static func mpls(_ payload: [UInt8], labels: Int = 1) -> [UInt8] {
        (1...labels).flatMap { [0, 1, UInt8(($0 == labels ? 1 : 0)), 64] } + payload
    }

    static func pppoe(_ payload: [UInt8], length: Int? = nil) -> [UInt8] {
        [0x11, 0] + bigEndian(1, UInt16(length ?? payload.count)) + payload
    }

    static func gtp(_ payload: [UInt8], flags: UInt8 = 0x30, fields: [UInt8] = [], message: UInt8 = 0xFF)
        -> [UInt8]
    {
        [flags, message] + bigEndian(UInt16(payload.count + fields.count)) + [0, 0, 0, 5] + fields + payload
    }

    static func snap(_ payload: [UInt8], type: UInt16 = 0x0800) -> [UInt8] {
        [0xAA, 0xAA, 3, 0, 0, 0] + bigEndian(type) + payload
    }

    /// An IEEE 802.3 frame, whose type is its length.
    static func frame(_ payload: [UInt8]) -> [UInt8] { ethernet(payload, type: UInt16(payload.count)) }

    /// - Parameter control: Frame control, in the order of the air.
    static func wireless(
        _ payload: [UInt8],
        control: [UInt8] = [0x08, 0x01],
        fields: [UInt8] = [],
        piece: UInt8 = 0
    ) -> [UInt8] {
        control + [0, 0] + [UInt8](repeating: 2, count: 18) + [piece, 0] + fields + payload
    }

    static func radiotap(_ frame: [UInt8], present: [UInt8] = [0, 0, 0, 0], fields: [UInt8] = []) -> [UInt8] {
        [0, 0, UInt8(4 + present.count + fields.count), 0] + present + fields + frame
    }

    /// - Parameter isBigEndian: The order of the host.
    static func netfilterLog(_ packet: [UInt8], isBigEndian: Bool = false) -> [UInt8] {
        func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
            var bytes: [UInt8] = []
            for number in [UInt16(value.count + 4), type] {
                isBigEndian ? bytes.appendBigEndian(number) : bytes.appendLittleEndian(number)
            }
            return bytes + value + [UInt8](repeating: 0, count: -value.count & 3)
        }
        return [2, 0, 0, 5] + attribute(1, [8, 0, 3, 0]) + attribute(10, [0x61, 0x62, 0])
            + attribute(9, packet)
    }
}
