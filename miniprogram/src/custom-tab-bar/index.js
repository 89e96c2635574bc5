// The pages draw their own bar (components/BottomBar.vue); WeChat still wants a component in this place.
Component({})
