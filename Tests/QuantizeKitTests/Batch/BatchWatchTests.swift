import Dispatch
import Foundation
import Quantization
import QuantizeKit
import Synchronization
import SystemPackage
import Testing
import TruncatedEM

#if os(Linux)
  /// Images that appear while a batch runs.
  @Suite(.timeLimit(.minutes(2))) struct BatchWatchTests {
    /// A batch that watches, on a thread of its own.
    private final class Watcher: Sendable {
      private let seen = Mutex<[String]>([])
      private let result = Mutex<Result<BatchSummary, QuantizeError>?>(nil)
      private let news = DispatchSemaphore(value: 0)
      private let ended = DispatchSemaphore(value: 0)
      private let stop: BatchStop

      init(_ job: BatchJob) throws {
        stop = try BatchStop()
        DispatchQueue.global().async { [self] in
          do throws(QuantizeError) {
            let summary = try job.watch(until: stop) { self.tell($0) }
            result.withLock { $0 = .success(summary) }
          } catch {
            result.withLock { $0 = .failure(error) }
          }
          news.signal()
          ended.signal()
        }
      }

      private func tell(_ event: BatchEvent) {
        let text: String? =
          switch event {
          case .done(let item, _, _):
            "done " + (item.output.lastComponent?.string ?? "")
          case .watching: "watching"
          case .lost: "lost"
          case .found: "found"
          case .failed(let failure): failure.message
          default: nil
          }
        guard let text else { return }
        seen.withLock { $0.append(text) }
        news.signal()
      }

      /// Waits until something was told so often.
      func wait(for text: String, times: Int = 1) {
        while told(text) < times, result.withLock({ $0 == nil }) { news.wait() }
      }

      func told(_ text: String) -> Int {
        seen.withLock { $0.count { $0 == text } }
      }

      /// Ends it.
      func finish() throws -> BatchSummary {
        stop.request()
        ended.wait()
        let result = result.withLock { $0 }
        return try #require(result).get()
      }
    }

    private let folder: ScratchFolder

    init() throws {
      folder = try ScratchFolder()
      try folder.makeFolder("in")
    }

    private func job(recursive: Bool = true) throws -> BatchJob {
      BatchJob(
        sources: BatchSources(
          paths: [folder.path("in")], isRecursive: recursive,
          output: folder.path("in/out")),
        options: QuantizeOptions(
          start: .search(try PaletteSize(4)),
          truncation: Truncation(1)))
    }

    @Test func filesAreReadOnceTheyAreWhole() throws {
      try folder.writeImage("in/there.png")
      let watcher = try Watcher(try job())
      watcher.wait(for: "watching")
      let image = try ScratchFolder.image(shade: 5)
      let half = image.count / 2
      try Data().write(to: folder.url("half.png"))
      let file = try FileDescriptor.open(
        folder.path("in/slow.png"), .writeOnly, options: .create,
        permissions: .ownerReadWrite)
      try file.writeAll(image[..<half])
      // One that comes later is done before.
      try folder.write(image, to: "elsewhere.png")
      try FileManager.default.moveItem(
        at: folder.url("elsewhere.png"), to: folder.url("in/moved.png"))
      watcher.wait(for: "done moved.png")
      #expect(watcher.told("done slow.png") == 0)
      try file.writeAll(image[half...])
      try file.close()
      watcher.wait(for: "done slow.png")
      // It had been there a moment only, so it took as long to be sure of it.
      watcher.wait(for: "done there.png")
      let summary = try watcher.finish()
      #expect(summary.done == 3)
      #expect(summary.failed == 0)
      #expect(
        try folder.read("in/out/slow.png")
          == folder.read("in/out/moved.png"))
      #expect(
        try folder.files("in/out") == ["moved.png", "slow.png", "there.png"])
    }

    @Test func changedFilesAreDoneAgainAndOthersOfTheirNameAreNot() throws {
      let watcher = try Watcher(try job())
      watcher.wait(for: "watching")
      for (times, shade) in [(1, 1), (2, 200)] {
        try folder.writeImage("in/a.png", shade: UInt32(shade))
        watcher.wait(for: "done a.png", times: times)
      }
      let last = try folder.read("in/out/a.png")
      try folder.writeImage("in/a.jpg", shade: 9)
      try folder.writeImage("in/b.png")
      watcher.wait(for: "done b.png")
      let summary = try watcher.finish()
      #expect(summary.done == 3)
      #expect(summary.failed == 1)
      #expect(try folder.read("in/out/a.png") == last)
    }

    @Test func newFoldersAreWatchedToo() throws {
      let watcher = try Watcher(try job())
      watcher.wait(for: "watching")
      try folder.writeImage("new/deep/a.png")
      try FileManager.default.moveItem(
        at: folder.url("new"), to: folder.url("in/new"))
      watcher.wait(for: "done a.png")
      try folder.writeImage("in/new/deep/b.png")
      watcher.wait(for: "done b.png")
      try FileManager.default.moveItem(
        at: folder.url("in/new"), to: folder.url("in/other"))
      try folder.writeImage("in/other/deep/c.png")
      watcher.wait(for: "done c.png")
      try folder.link("in/linked.png", to: "../half")
      try folder.writeImage("in/.hidden.png")
      try folder.writeImage("in/last.png")
      watcher.wait(for: "done last.png")
      #expect(watcher.told("done .hidden.png") == 0)
      _ = try watcher.finish()
      let files = try folder.files("in/out")
      #expect(files.contains("new/deep/a.png"))
      #expect(files.contains("new/deep/b.png"))
      #expect(files.contains("other/deep/c.png"))
      #expect(files.contains("last.png"))
    }

    @Test func foldersThatGoAreAwaited() throws {
      let watcher = try Watcher(
        BatchJob(
          sources: BatchSources(
            paths: [folder.path("in")], output: folder.path("out")),
          options: try job().options))
      watcher.wait(for: "watching")
      try FileManager.default.removeItem(at: folder.url("in"))
      watcher.wait(for: "lost")
      try folder.writeImage("in/a.png")
      watcher.wait(for: "found")
      watcher.wait(for: "done a.png")
      // Another folder takes its place: by then it is there already.
      try folder.writeImage("new/b.png")
      try FileManager.default.moveItem(
        at: folder.url("in"), to: folder.url("old"))
      try FileManager.default.moveItem(
        at: folder.url("new"), to: folder.url("in"))
      watcher.wait(for: "done b.png")
      #expect(watcher.told("lost") == 2)
      #expect(try watcher.finish().done == 2)
    }

    @Test func filesAloneCannotBeWatched() throws {
      try folder.writeImage("a.png")
      let job = BatchJob(
        sources: BatchSources(
          paths: [folder.path("a.png")], output: folder.path("out")),
        options: try job().options)
      let stop = try BatchStop()
      #expect(
        throws: QuantizeError.usage("--watch needs a folder among the inputs")
      ) {
        try job.watch(until: stop) { _ in }
      }
    }
  }
#endif
