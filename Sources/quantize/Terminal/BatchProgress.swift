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
    var action: String?
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
  private let verbose: Bool
  private let resumes: Bool
  private let began = ContinuousClock.now
  private let state: Mutex<State>

  /// Progress of a batch.
  ///
  /// - Parameters:
  ///   - kind: How it is shown.
  ///   - quiet: Whether only errors are.
  ///   - verbose: Whether each output is.
  ///   - resumes: Whether the same command goes on where this one ends.
  init(_ kind: Kind, quiet: Bool, verbose: Bool, resumes: Bool) {
    self.kind = kind
    self.quiet = quiet
    self.verbose = verbose
    self.resumes = resumes
    state = Mutex(State(shown: .now))
  }

  /// Shows what happens while a batch runs, and then what was done.
  ///
  /// - Parameter body: Runs it.
  /// - Returns: What was done.
  /// - Throws: What `body` throws.
  func showing(
    _ body: () throws(QuantizeError) -> BatchSummary
  ) throws(QuantizeError) -> BatchSummary {
    Interrupts.tell { self.interrupted() }
    do {
      let summary = try body()
      finish(summary)
      return summary
    } catch {
      clear()
      throw error
    }
  }

  /// Shows what would happen, a line for each input.
  func show(_ plan: [BatchPlanStep]) throws(QuantizeError) {
    for step in plan {
      guard kind != .json else {
        line(
          Line(
            event: "planned", input: step.input.displayName,
            output: step.output?.displayName, action: step.action.rawValue,
            reason: step.reason))
        continue
      }
      let end = step.reason ?? step.output?.displayName ?? ""
      try Terminal.output(
        "\(step.action.rawValue)\t\(step.input.displayName)\t\(end)\n")
    }
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
      case .lost(let path):
        note(
          "quantize: \(path.displayName) is gone; waiting for it to come back",
          &state)
        line(Line(event: "lost", input: path.displayName))
      case .found(let path):
        note("quantize: \(path.displayName) is there; watching it", &state)
        line(Line(event: "found", input: path.displayName))
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
        note("quantize: \(path.displayName): skipped: \(reason)", &state)
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
        detail(item, inputBytes, outputBytes, &state)
        line(
          Line(
            event: "done", input: item.input.displayName,
            output: item.output.displayName, inputBytes: inputBytes,
            outputBytes: outputBytes, finished: state.finished,
            images: state.images))
      case .copied(let item, let bytes, let reason):
        state.finished += 1
        if verbose {
          note(
            "quantize: \(item.input.displayName) → "
              + "\(item.output.displayName): copied: \(reason)", &state)
        }
        line(
          Line(
            event: "copied", input: item.input.displayName,
            output: item.output.displayName, reason: reason, inputBytes: bytes,
            outputBytes: bytes, finished: state.finished, images: state.images))
      case .linked(let path, let output):
        if verbose {
          note(
            "quantize: \(path.displayName) → \(output.displayName): linked",
            &state)
        }
        line(
          Line(
            event: "linked", input: path.displayName,
            output: output.displayName))
      case .failed(let failure):
        clear(&state)
        Terminal.error(failure.message)
        line(
          Line(
            event: "failed", input: failure.input.displayName,
            reason: failure.message))
      }
      bar(&state)
    }
  }

  /// Shows what was done.
  private func finish(_ summary: BatchSummary) {
    clear()
    if kind == .json {
      line(Line(event: "summary", summary: summary))
    } else if !quiet {
      print(Self.text(of: summary))
    }
  }

  /// What is said when the batch is interrupted.
  private func interrupted() -> String {
    let (finished, images) = state.withLock { state in
      clear(&state)
      return (state.finished, state.images)
    }
    return "interrupted after \(finished) of \(images) images"
      + (resumes ? "; run the same command again to continue" : "")
  }

  /// Removes the bar, if there is one.
  func clear() {
    state.withLock { clear(&$0) }
  }

  private static func text(of summary: BatchSummary) -> String {
    let rate = Summary.fixed(summary.imagesPerSecond, 1)
    let kept =
      summary.kept > 0 ? ", \(summary.kept) kept from earlier" : ""
    let copied = summary.copied > 0 ? ", \(summary.copied) copied" : ""
    let linked = summary.linked > 0 ? ", \(summary.linked) linked" : ""
    var text =
      "\(summary.done) done\(kept)\(copied)\(linked), "
      + "\(summary.skipped) skipped, "
      + "\(summary.failed) failed in \(Summary.fixed(summary.seconds, 1)) s "
      + "(\(rate) images/s)"
    if summary.inputBytes > 0 {
      let share =
        100 * Double(summary.outputBytes) / Double(summary.inputBytes)
      text +=
        "\n\(Summary.bytes(summary.inputBytes)) → "
        + "\(Summary.bytes(summary.outputBytes)) (\(Summary.fixed(share, 0)) %)"
    }
    if summary.larger > 0 {
      text +=
        "\n\(Summary.count(summary.larger, "output")) "
        + "\(summary.larger == 1 ? "is" : "are") larger than "
        + "\(summary.larger == 1 ? "its input" : "their inputs"); --format same "
        + "copies such images, --skip-if-larger leaves them out"
    }
    return text
  }

  private func detail(
    _ item: BatchItem, _ inputBytes: Int, _ outputBytes: Int,
    _ state: inout State
  ) {
    guard verbose else { return }
    let share = 100 * Double(outputBytes) / Double(max(1, inputBytes))
    note(
      "quantize: \(item.input.displayName) → \(item.output.displayName): "
        + "\(Summary.bytes(inputBytes)) → \(Summary.bytes(outputBytes)) "
        + "(\(Summary.fixed(share, 0)) %)", &state)
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
