import { thousands } from './money'

/** What is left of the newbie tasks and what it gives: of all of them at first, of the others once some are done. */
export function tasksToWin(done: number, left: number, points: number): string {
  const sum = `${thousands(points)} 积分`
  return done > 0 ? `再完成 ${left} 个任务，还可得 ${sum}` : `完成 ${left} 个任务，共得 ${sum}`
}
