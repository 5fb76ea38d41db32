/// IEEE 802 numbers of what a frame carries.
enum EtherType {
    /// Below this the field is the length of an IEEE 802.3 frame.
    static let first: UInt16 = 0x0600
    static let maximumLength: UInt16 = 1500
    static let ipv4: UInt16 = 0x0800
    static let ipv6: UInt16 = 0x86DD
    /// IEEE 802.1Q.
    static let customerTag: UInt16 = 0x8100
    /// IEEE 802.1ad, the outer tag of QinQ.
    static let serviceTag: UInt16 = 0x88A8
    /// Outer tags of equipment older than 802.1ad.
    static let oldServiceTag: UInt16 = 0x9100
    static let olderServiceTag: UInt16 = 0x9200
    static let bridging: UInt16 = 0x6558
    static let mplsUnicast: UInt16 = 0x8847
    static let mplsMulticast: UInt16 = 0x8848
    static let pppoeSession: UInt16 = 0x8864
    static let jumboLogicalLink: UInt16 = 0x8870
    static let ppp: UInt16 = 0x880B
    static let erspan2: UInt16 = 0x88BE
    static let erspan3: UInt16 = 0x22EB
    /// IEEE 802.1AE.
    static let macSecurity: UInt16 = 0x88E5
    /// IEEE 802.1ah.
    static let backboneTag: UInt16 = 0x88E7
    /// IEEE 802.1BR.
    static let extenderTag: UInt16 = 0x893F
    static let virtualNICTag: UInt16 = 0x8926
    static let serviceHeader: UInt16 = 0x894F
    static let cacheRedirect: UInt16 = 0x883E

    /// Whether a value in the place of an EtherType is one that leads on, or the length of a frame.
    static func isLikely(_ value: UInt16) -> Bool {
        switch value {
        case 3...maximumLength, ipv4, ipv6, customerTag, serviceTag, oldServiceTag, olderServiceTag,
            mplsUnicast,
            mplsMulticast, pppoeSession, 0x0806:
            true
        default: false
        }
    }
}
