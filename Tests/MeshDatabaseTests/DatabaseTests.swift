import Dispatch
import MeshDatabase
import Synchronization
import Testing

extension MeshDatabaseSuite {
    /// The pool itself.
    @Suite struct DatabaseTests {
        static let one = Statement("one", "select 1")
        static let echo = Statement("echo", "select $1::text, $2::text")
        static let sleep = Statement("sleep", "select pg_sleep(1)")
        static let wrong = Statement("wrong", "select 1 / 0")
        static let insert = Statement("insert", "insert into mesh.workers (name, pid) values ($1, 1)")
        static let myself = Statement("myself", "select pg_terminate_backend(pg_backend_pid())")

        static func with(
            _ change: (inout Database.Options) -> Void = { _ in },
            _ test: (Database) throws -> Void
        ) throws {
            var options = Database.Options(conninfo: Stand.conninfo + " user=mesh_app")
            options.connections = 2
            change(&options)
            let database = Database(options)
            defer { database.close() }
            try test(database)
        }

        @Test func givesValuesBackAsTheyCame() throws {
            try Self.with { database in
                let text = "it's \\ \"quoted\" \u{1F600}\n\t"
                let tables = try database.wait(Transaction(Self.echo, Parameter(text), nil)).get()
                #expect(tables[0].text(0, 0) == text)
                #expect(tables[0].text(0, 1) == nil)
            }
        }

        /// What stands before and after an error in a transaction is undone, and the connection is good for more.
        @Test func undoesATransactionThatFails() throws {
            try Self.with { (database) throws in
                var transaction = Transaction(Self.insert, "before the error")
                transaction.add(Self.wrong)
                transaction.add(Self.insert, "after the error")
                guard case .failure(.refused(let state, let message)) = database.wait(transaction) else {
                    Issue.record("it was not refused")
                    return
                }
                #expect(state.rawValue == "22012")
                #expect(message == "division by zero")
                #expect(
                    try Stand.query("select from mesh.workers where name like '%the error'").rowCount == 0
                )
                for _ in 0..<4 {
                    #expect(try database.wait(Transaction(Self.one)).get()[0].integer(0, 0) == 1)
                }
            }
        }

        @Test func refusesWhatWouldWaitBehindTooMany() throws {
            try Self.with {
                $0.connections = 1
                $0.queue = 2
            } _: { database in
                #expect(throws: Never.self) { try database.wait(Transaction(Self.one)).get() }
                let answers = database.waitAll(Array(repeating: Transaction(Self.sleep), count: 6))
                #expect(answers.filter { $0 == nil }.count >= 2)
                #expect(answers.contains(.queueFull))
                #expect(database.status.refused > 0)
            }
        }

        @Test func givesUpAfterTheLongestWait() throws {
            try Self.with {
                $0.connections = 1
                $0.patience = 300_000_000
            } _: { database in
                // The connection may take longer to open than anybody waits.
                while database.waitAll([Transaction(Self.one)]) != [nil] {}
                let answers = database.waitAll(Array(repeating: Transaction(Self.sleep), count: 3))
                #expect(answers == [nil, .waitedTooLong, .waitedTooLong])
                #expect(database.status.timedOut >= 2)
            }
        }

        @Test func opensAConnectionThatBreaksAgain() throws {
            try Self.with { (database) throws in
                for _ in 0..<5 {
                    guard case .failure(.connectionLost) = database.wait(Transaction(Self.myself)) else {
                        Issue.record("the connection did not break")
                        return
                    }
                }
                #expect(try database.wait(Transaction(Self.one)).get()[0].integer(0, 0) == 1)
                #expect(database.status.lost == 5)
            }
        }

        /// Nothing listens there: what is asked waits its time and is told so.
        @Test func saysThatNoDatabaseIsThere() {
            var options = Database.Options(conninfo: "host=/nowhere user=nobody")
            options.patience = 100_000_000
            let database = Database(options)
            #expect(database.waitAll([Transaction(Self.one)]) == [.waitedTooLong])
            database.close()
            #expect(database.waitAll([Transaction(Self.one)]) == [.closed])
        }

        @Test func ringsAndHears() throws {
            var options = Database.Options(conninfo: Stand.conninfo + " user=mesh_app")
            options.connections = 1
            options.channels = ["mesh_test"]
            let heard = Mutex<[Notification]>([])
            let bell = DispatchSemaphore(value: 0)
            let listening = DispatchSemaphore(value: 0)
            let database = Database(
                options,
                onNotification: { notification in
                    heard.withLock { $0.append(notification) }
                    bell.signal()
                },
                onLine: { listening.signal() }
            )
            defer { database.close() }
            #expect(listening.wait(timeout: .now() + 10) == .success)
            database.notify(Notification(channel: "mesh_test", payload: "it's me"))
            #expect(bell.wait(timeout: .now() + 10) == .success)
            #expect(heard.withLock { $0 } == [Notification(channel: "mesh_test", payload: "it's me")])
        }
    }
}

extension Database {
    /// The answer, waited for.
    func wait(_ transaction: Transaction) -> Answer {
        let answer = Mutex<Answer?>(nil)
        let done = DispatchSemaphore(value: 0)
        run(transaction) { given in
            answer.withLock { $0 = given }
            done.signal()
        }
        done.wait()
        return answer.withLock { $0 } ?? .failure(.closed)
    }

    /// What went wrong with each, `nil` where nothing did.
    func waitAll(_ transactions: [Transaction]) -> [DatabaseError?] {
        let answers = Mutex([DatabaseError?](repeating: nil, count: transactions.count))
        let done = DispatchGroup()
        for (place, transaction) in transactions.enumerated() {
            done.enter()
            run(transaction) { answer in
                if case .failure(let error) = answer { answers.withLock { $0[place] = error } }
                done.leave()
            }
        }
        done.wait()
        return answers.withLock { $0 }
    }
}
