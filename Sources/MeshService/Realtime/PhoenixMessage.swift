import Foundation
import MeshTarget

/// A message of Phoenix channels, protocol 1.0.0: an object in a text frame.
struct PhoenixMessage: Decodable, Equatable {
    struct Payload: Decodable, Equatable {
        var access_token: String?
    }

    var topic: String
    var event: String
    var ref: String?
    var join_ref: String?
    var payload: Payload?

    /// Reads a text frame; `nil` where it is no such message.
    init?(json: [UInt8]) {
        guard let message = try? JSONDecoder().decode(Self.self, from: Data(json)) else { return nil }
        self = message
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Key.self)
        topic = try members.decode(String.self, forKey: .topic)
        event = try members.decode(String.self, forKey: .event)
        // Clients write references as strings; numbers are met too.
        ref = Self.reference(members, .ref)
        join_ref = Self.reference(members, .join_ref)
        payload = try? members.decode(Payload.self, forKey: .payload)
    }

    private enum Key: String, CodingKey {
        case topic, event, ref, join_ref, payload
    }

    private static func reference(_ members: KeyedDecodingContainer<Key>, _ key: Key) -> String? {
        (try? members.decode(String.self, forKey: key))
            ?? (try? members.decode(Int.self, forKey: key)).map { "\($0)" }
    }

    /// A message as the server writes it.
    static func text(
        topic: String,
        event: String,
        ref: String?,
        _ payload: (inout JSONText) -> Void
    ) -> [UInt8] {
        JSONText.object { text in
            text.member("topic", topic)
            text.member("event", event)
            text.member("payload", payload)
            text.member("ref", ref)
        }
    }
}
