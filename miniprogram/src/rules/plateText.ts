/** How a plate reads; what is one, which takes far more to know, stands apart: many pages only show them. */

/** Signs of the 31 provinces, in the order people expect on a keyboard. */
export const PROVINCES = [
  '京', '沪', '津', '渝', '冀', '豫', '云', '辽', '黑', '湘',
  '皖', '鲁', '新', '苏', '浙', '赣', '鄂', '桂', '甘', '晋',
  '蒙', '陕', '吉', '闽', '贵', '粤', '青', '藏', '川', '宁', '琼',
] as const

export const PROVINCE = `[${PROVINCES.join('')}]`
/** The first two characters, or three of a car that is new. */
export const BEGINNING = new RegExp(`^临?${PROVINCE}[A-Z]`)

/** For reading: province and letter, a dot, the rest; other plates as they are. */
export function formatPlate(plate: string): string {
  return plate.length > 2 && BEGINNING.exec(plate)?.[0].length === 2 ? `${plate.slice(0, 2)}·${plate.slice(2)}` : plate
}
