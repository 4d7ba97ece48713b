import QuantizeKit
import Synchronization
import SystemPackage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Shows how a batch goes: a bar on a terminal, a line every few seconds
/// elsewhere, or lines of JSON for programs; and always what failed.
final class BatchProgress: Sendable {
  /// How it is shown.
  enum Kind: String, CaseIterable {
    case auto
    case json
    case none
  }

  /// A line of JSON.
  private struct Line: Encodable {
    var event: String
    var input: String?
    var output: String?
    var reason: String?
    var inputBytes: Int?
    var outputBytes: Int?
    var finished: Int?
    var images: Int?
    var folders: Int?
    var summary: BatchSummary?
  }

  private struct State {
    var images = 0
    var finished = 0
    var done = 0
    var counted = 0
    var shown: ContinuousClock.Instant
    var isShown = false
    var isWatching = false
  }

  private let kind: Kind
  private let quiet: Bool
  private let began = ContinuousClock.now
  private let state: Mutex<State>

  /// Progress of a batch.
  init(_ kind: Kind, quiet: Bool) {
    self.kind = kind
    self.quiet = quiet
    state = Mutex(State(shown: .now))
  }

  /// Shows what happened.
  func show(_ event: BatchEvent) {
    // One at a time: lines never mix.
    state.withLock { state in
      switch event {
      case .selected(let images, _):
        state.images = images
        line(Line(event: "selected", images: images))
      case .watching(let folders):
        state.isWatching = true
        note(
          "quantize: watching \(folders) folder\(folders == 1 ? "" : "s"); "
            + "Ctrl-C stops", &state)
        line(Line(event: "watching", folders: folders))
      case .counted(let item, let count):
        state.counted = count
        line(Line(event: "counted", input: item.input.displayName))
      case .warning(let item, let text):
        if !quiet {
          clear(&state)
          Terminal.warn(.file(item.input), text)
        }
        line(
          Line(
            event: "warning", input: item.input.displayName, reason: text))
      case .outputWarning(let file, let text):
        if !quiet {
          clear(&state)
          Terminal.warn(file, text)
        }
        line(
          Line(event: "warning", output: file.displayName, reason: text))
      case .skipped(let path, let reason):
        line(
          Line(
            event: "skipped", input: path.displayName, reason: reason))
      case .kept(let item):
        state.finished += 1
        line(
          Line(
            event: "kept", input: item.input.displayName,
            output: item.output.displayName))
      case .done(let item, let inputBytes, let outputBytes):
        state.finished += 1
        state.done += 1
        line(
          Line(
            event: "done", input: item.input.displayName,
            output: item.output.displayName, inputBytes: inputBytes,
            outputBytes: outputBytes, finished: state.finished,
            images: state.images))
      case .failed(let error):
        clear(&state)
        Terminal.error(error.message)
        line(Line(event: "failed", reason: error.message))
      }
      bar(&state)
    }
  }

  /// Shows what was done.
  func finish(_ summary: BatchSummary) {
    clear()
    if kind == .json {
      line(Line(event: "summary", summary: summary))
    } else if !quiet {
      print(Self.text(of: summary))
    }
  }

  /// What is said when the batch is interrupted.
  func interrupted() -> String {
    let (finished, images) = state.withLock { state in
      clear(&state)
      return (state.finished, state.images)
    }
    return "interrupted after \(finished) of \(images) images; run the same "
      + "command again to continue"
  }

  /// Removes the bar, if there is one.
  func clear() {
    state.withLock { clear(&$0) }
  }

  private static func text(of summary: BatchSummary) -> String {
    let rate = Summary.fixed(summary.imagesPerSecond, 1)
    let kept =
      summary.kept > 0 ? ", \(summary.kept) kept from earlier" : ""
    var text =
      "\(summary.done) done\(kept), \(summary.skipped) skipped, "
      + "\(summary.failed) failed in \(Summary.fixed(summary.seconds, 1)) s "
      + "(\(rate) images/s)"
    if summary.inputBytes > 0 {
      let share =
        100 * Double(summary.outputBytes) / Double(summary.inputBytes)
      text +=
        "\n\(Summary.bytes(summary.inputBytes)) → "
        + "\(Summary.bytes(summary.outputBytes)) (\(Summary.fixed(share, 0)) %)"
    }
    return text
  }

  private func note(_ text: String, _ state: inout State) {
    guard !quiet else { return }
    clear(&state)
    Terminal.note(text)
  }

  private func line(_ line: Line) {
    guard kind == .json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(line) else { return }
    // A program that stopped listening does not stop the batch.
    _ = try? FileDescriptor.standardOutput.writeAll([UInt8](data) + [0x0a])
  }

  private func clear(_ state: inout State) {
    guard state.isShown else { return }
    state.isShown = false
    Terminal.write("\r\u{1b}[K")
  }

  /// The bar, or the line in its place, when it is time for one.
  private func bar(_ state: inout State) {
    guard kind == .auto, !quiet else { return }
    let isTerminal = Terminal.errorIsTerminal
    let now = ContinuousClock.now
    let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
    guard now - state.shown >= pause else { return }
    state.shown = now
    let text = Self.status(state, seconds: (now - began) / .seconds(1))
    if isTerminal {
      state.isShown = true
      Terminal.write("\r\u{1b}[K\(Self.drawing(state)) \(text)")
    } else {
      Terminal.note("quantize: \(text)")
    }
  }

  private static func status(_ state: State, seconds: Double) -> String {
    guard !state.isWatching else {
      return "\(state.finished) of \(state.images) images"
    }
    guard state.finished > 0 else {
      return "\(state.counted) of \(state.images) images counted"
    }
    let rate = Double(state.done) / seconds
    var text =
      "\(state.finished) of \(state.images) images, "
      + "\(Summary.fixed(rate, 1)) images/s"
    if rate > 0 {
      let left = Int(Double(state.images - state.finished) / rate)
      text += ", \(left / 60) min \(left % 60) s left"
    }
    return text
  }

  private static func drawing(_ state: State) -> String {
    let width = 20
    let filled = width * state.finished / max(1, state.images)
    return "[" + String(repeating: "#", count: min(width, filled))
      + String(repeating: "-", count: max(0, width - filled)) + "]"
  }
}
