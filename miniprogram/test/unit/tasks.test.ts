import { tasksToWin } from '@/rules/tasks'

test.each([
  [0, 3, 1200, '完成 3 个任务，共得 1,200 积分'],
  [1, 2, 150, '再完成 2 个任务，还可得 150 积分'],
])('with %s done, %s left and %s points it says %s', (done, left, points, words) => {
  expect(tasksToWin(done, left, points)).toBe(words)
})
