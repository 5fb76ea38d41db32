import MeshDatabase
import NIOCore

extension Database {
    /// Runs `transaction`; `then` is called on `loop`, which must be the loop that this is called on.
    func run(_ transaction: Transaction, on loop: any EventLoop, then: @escaping (Answer) -> Void) {
        let bound = NIOLoopBound(then, eventLoop: loop)
        run(transaction) { answer in
            loop.execute { bound.value(answer) }
        }
    }
}
