export default function Palette({ onClose }: { tenant: string; onClose: () => void }) {
  return <dialog open><button type="button" onClick={onClose}>x</button></dialog>
}
