/// Where entries wait for their turn, each in a slot of its own.
///
/// A message changes places with what stands in its slot, on the way in as on the way out, and is moved nowhere else: it is
/// a few hundred bytes long.
struct EntrySlots: Sendable {
    private var messages: [OrderedMessage] = []
    private var freeMessages: [Int] = []
    private var events: [OrderedEvent?] = []
    private var freeEvents: [Int] = []

    /// Keeps a message and answers its slot; `message` is a blank one then.
    mutating func put(
        exchanging message: inout RecordedMessage,
        connection: ConnectionOpenRecord?,
        trace: Int
    ) -> Int {
        guard let slot = freeMessages.popLast() else {
            messages.append(OrderedMessage(message: message, connection: connection, trace: trace))
            message.clear()
            return messages.count - 1
        }
        swap(&messages[slot].message, &message)
        messages[slot].connection = connection
        messages[slot].trace = trace
        return slot
    }

    /// Takes a message out, into the place of one that is done with.
    mutating func take(_ slot: Int, exchanging message: inout OrderedMessage) {
        message.message.clear()
        swap(&messages[slot], &message)
        freeMessages.append(slot)
    }

    /// Keeps an event and answers its slot.
    mutating func put(_ event: OrderedEvent) -> Int {
        guard let slot = freeEvents.popLast() else {
            events.append(event)
            return events.count - 1
        }
        events[slot] = event
        return slot
    }

    /// Takes an event out.
    mutating func takeEvent(_ slot: Int) -> OrderedEvent? {
        freeEvents.append(slot)
        return events[slot].take()
    }
}
