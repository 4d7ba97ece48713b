import CAllocator
import CLibrary
import QuantizeKit

/// Ends the process with one line when the system refuses it memory, and leaves
/// no temporary files.
enum OutOfMemory {
  /// From now on.
  static func endsProcess() {
    qz_on_out_of_memory { OutOfMemory.end(bytes: $0) }
  }

  /// Runs on the thread that was refused the memory; little is left for this.
  private static func end(bytes: Int) -> Never {
    TemporaryFiles.shared.removeUnlessBusy()
    Terminal.error(
      "out of memory: could not allocate \(bytes) bytes; raise the limit "
        + "(ulimit -v), allow less with --memory, or give a smaller file")
    _exit(ExitStatus.outOfMemory.rawValue)
  }
}
