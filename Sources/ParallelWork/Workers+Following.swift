extension Workers {
  /// How far the work is, and how far it was followed.
  private struct Course {
    var end = 0
    var done = 0
    var isOver = false
  }

  /// Does work on this thread, and on another what can be done with as much of it
  /// as there is.
  ///
  /// - Parameters:
  ///   - follow: Gets how far the work is, ever farther; never called by two
  ///     threads at once, and not again once `body` has failed.
  ///   - body: Does the work, and tells how far it is.
  /// - Returns: What `body` returns, when all that it told was followed.
  /// - Throws: What `body` throws.
  package func followed<Result: Sendable, Failure: Error>(
    by follow: @escaping @Sendable (_ end: Int) -> Void,
    _ body: (_ tell: (Int) -> Void) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard threads > 1 else { return try body(follow) }
    let course = Monitor(Course())
    var result: Swift.Result<Result, Failure>?
    ThreadPool.shared.run(helpers: 1) {
      while let end: Int = course.wait(for: { course in
        if course.isOver { return .some(nil) }
        return course.end > course.done ? .some(course.end) : nil
      }) {
        follow(end)
        course.withLock { $0.done = end }
      }
    } meanwhile: {
      do throws(Failure) {
        result = .success(try body { end in course.change { $0.end = end } })
      } catch {
        result = .failure(error)
        course.change { $0.end = 0 }
      }
      course.change { $0.isOver = true }
    }
    // What is left is for this thread, which the other may now help.
    let (end, done) = course.withLock { ($0.end, $0.done) }
    if end > done { follow(end) }
    guard let result else { preconditionFailure("the work was not done") }
    return try result.get()
  }
}
