import Foundation
import Testing

/// Lines that results are compared with, in Fixtures/golden.txt.
///
/// They hold on x86-64, with and without AVX2: the kernels for it give the bits of
/// the portable code. Elsewhere the C library may round a logarithm or a power
/// differently.
enum Golden {
  private static let file = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Fixtures/golden.txt")

  private static var isWritten: Bool {
    ProcessInfo.processInfo.environment["QUANTIZE_GOLDEN"] == "write"
  }

  private static var isComparable: Bool {
    #if arch(x86_64)
      true
    #else
      false
    #endif
  }

  /// Compares lines, or writes them.
  ///
  /// - Parameters:
  ///   - lines: What was found.
  ///   - name: What the lines begin with.
  /// - Throws: What reading or writing the file throws.
  static func check(_ lines: [String], of name: String) throws {
    guard isComparable else {
      print("golden hashes of \(name) are not compared: no x86-64 here")
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
