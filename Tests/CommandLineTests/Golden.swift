import Foundation
import Testing

/// Lines that results are compared with, in Fixtures/golden.txt.
///
/// They hold where the kernels for AVX2 run: others round differently.
enum Golden {
  private static let file = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Fixtures/golden.txt")

  private static var isWritten: Bool {
    ProcessInfo.processInfo.environment["QUANTIZE_GOLDEN"] == "write"
  }

  private static var hasKernels: Bool {
    let processor = try? String(
      contentsOf: URL(fileURLWithPath: "/proc/cpuinfo"), encoding: .utf8)
    return processor?.contains(" avx2 ") ?? false
  }

  /// Compares lines, or writes them.
  ///
  /// - Parameters:
  ///   - lines: What was found.
  ///   - name: What the lines begin with.
  /// - Throws: What reading or writing the file throws.
  static func check(_ lines: [String], of name: String) throws {
    guard hasKernels else {
      print("golden hashes of \(name) are not compared: no AVX2 here")
      return
    }
    let known = try String(contentsOf: file, encoding: .utf8)
      .split(separator: "\n").map(String.init)
    if isWritten {
      let others = known.filter { !$0.hasPrefix("\(name) ") }
      try ((others + lines).sorted().joined(separator: "\n") + "\n")
        .write(to: file, atomically: true, encoding: .utf8)
    }
    let expected = isWritten ? lines : known.filter { $0.hasPrefix("\(name) ") }
    for line in lines where !expected.contains(line) {
      Issue.record(
        "another result: \(line); if that is meant, see ThreadTests")
    }
    #expect(lines.count == expected.count)
  }
}
